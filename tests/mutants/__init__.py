"""Whether a rule can be changed and no test notices: every small change of ``tean.domain``, one after the other."""
