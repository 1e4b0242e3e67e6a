//! Elements and pairs: every number with its unit, source and confidence.
