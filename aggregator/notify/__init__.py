"""Telling the operator of incidents and recoveries, wherever he wants to hear of them.

    events in the store ─► what a listener has not heard ─► one message ─► carrier ─► how far told

What happened stands in the store, and so does how far each listener was told: nothing is forgotten
by a restart, and a listener that cannot be reached hears all of it in one message when he can.
"""
