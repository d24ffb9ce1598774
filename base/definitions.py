"""The numbers that may be counted in more than one way, and the ways: what both teams can agree on."""

WIN_RATE_BASES = ("count", "value", "cohort", "within")
SOURCED_TESTS = ("source_field", "first_touch", "touch_before_activity")
COVERAGE_BASES = ("to_go", "full")

# By the name under which it is agreed on.
DEFINITIONS = {"win_rate": WIN_RATE_BASES, "sourced": SOURCED_TESTS, "coverage": COVERAGE_BASES}
