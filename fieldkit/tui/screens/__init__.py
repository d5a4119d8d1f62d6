"""The screens: each composes, forwards and shows; rules live below in `fieldkit.work`."""
