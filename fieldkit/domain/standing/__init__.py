"""The monthly standing of villages: ranks, scores, cards (000三(一)3, DOMAIN §1.3)."""
