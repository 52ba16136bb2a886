"""SEC EDGAR: from the feed of current filings to an article a filing.

feed entry -> filing (its index, or the whole submission in one file) -> documents -> article. `filings` finds
the documents, `reports` reads 8-Ks, `forms` reads the fields of Form D, Schedule TO, S-1 and F-1, `articles`
puts a filing into words, `spider` fetches.
"""
