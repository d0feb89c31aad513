"""What a change of the code or the settings lets PlaceOS do, in words.

Two sides are compared: what the engine has recorded, or another git ref, and what the checkout declares. This
package only reads what the engine says of both; it asks no tenant.
"""
