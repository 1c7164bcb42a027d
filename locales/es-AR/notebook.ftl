# What a guest reads of a booking that came from the owner's notebook.

# The line that takes the list price to the one that was agreed.
agreed-price = Precio acordado
