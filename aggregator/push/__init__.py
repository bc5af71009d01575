"""News without waiting, by WebSub: telling hubs, being a hub, being told by the hubs of sources.

changed feeds ─► pings ─► a hub, or the subscribers of our own
the server ─► Inbox ─► Push.work (in the daemon's tick) ─► errands (in threads) ─► store
"""
