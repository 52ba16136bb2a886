"""The store: opening it, adding articles, reading and replacing what is derived from them."""
