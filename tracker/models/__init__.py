"""Types that the stages share: mentions (what one article says), events (the ledger), the stored tables."""
