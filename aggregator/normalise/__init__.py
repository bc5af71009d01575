"""Entry → Article, pure: rules, credit, links, text, HTML, dates, ids, categories and slugs."""
