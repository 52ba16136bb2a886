"""What a server does by itself: the schedule, its runner, and the page that shows how things stand."""
