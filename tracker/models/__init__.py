"""Types that the stages share: mentions (what one article says), events (the ledger), and the stored tables."""
