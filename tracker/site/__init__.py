"""The site: a page for every issue, prediction, event and company, as files that any web server can serve."""
