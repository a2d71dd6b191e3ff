"""Where documents come from: one room a source, each a thin fetch and a pure parse."""
