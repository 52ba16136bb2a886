"""The weekly briefing: an issue as data (`issue`), its sentences, charts, checks (`lint`) and rendering."""
