"""Problems as programs of other libraries, and those as problems."""
