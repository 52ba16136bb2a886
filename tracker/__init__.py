"""Strategic market-signal tracker: news to deals, deals to a ledger, a ledger to judged predictions."""

__version__ = "0.1.0"
