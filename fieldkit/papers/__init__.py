"""Documents made from what a home holds, for both front ends."""
