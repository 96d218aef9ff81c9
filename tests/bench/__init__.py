"""How fast is Caremarket, beside what a good team would write from the libraries' own tutorials, on the same machine?"""
