"""The weekly briefing: an issue as data (`issue`), its sentences, its charts, its checks (`lint`), its rendering."""
