// Reads a feed (stdin) with the library and in the format that are named; writes what it sees.
import fs from 'fs';

const [library, format] = process.argv.slice(2);
const text = fs.readFileSync(0, 'utf8');

async function withRssParser() {
  const { default: Parser } = await import('rss-parser');
  const parser = new Parser({ customFields: { item: ['source'] } });
  const one = (await parser.parseString(text)).items[0];
  return {
    title: one.title, link: one.link, date: one.isoDate, author: one.creator || one.author,
    content: one['content:encoded'] || one.content,
    source: format === 'rss' ? one.source._ ?? one.source : one.source.title[0],
  };
}

async function withFeedsmith() {
  const { parseFeed } = await import('feedsmith');
  const { feed } = parseFeed(text);
  const one = (feed.items || feed.entries)[0];
  const named = (value) => value?.value ?? value;
  if (format === 'json') {
    return {
      title: one.title, link: one.url, date: one.date_published, author: one.authors[0].name,
      content: one.content_html,
    };
  }
  if (format === 'rss') {
    return {
      title: one.title, link: one.link, date: new Date(one.pubDate).toISOString(),
      author: one.dc.creators[0], content: one.content.encoded, source: one.source.title,
    };
  }
  return {
    title: named(one.title), link: one.links.find((link) => link.rel === 'alternate').href,
    date: one.published, author: one.authors[0].name, content: named(one.content),
    source: named(one.source.title),
  };
}

async function withFeedExtractor() {
  const { extractFromJson, extractFromXml } = await import('@extractus/feed-extractor');
  const options = { getExtraEntryFields: (entry) => ({ entry }) };
  const feed = format === 'json'
    ? extractFromJson(JSON.parse(text), options) : extractFromXml(text, options);
  const { title, link, published, entry } = feed.entries[0];
  const [author, content] = {
    json: () => [entry.authors[0].name, entry.content_html],
    rss: () => [entry['dc:creator'], entry['content:encoded']],
    atom: () => [entry.author.name, entry.content['#text']],
  }[format]();
  return { title, link, date: published, author, content };
}

const readers = {
  'rss-parser': withRssParser,
  'feedsmith': withFeedsmith,
  '@extractus/feed-extractor': withFeedExtractor,
};
console.log(JSON.stringify(await readers[library]()));
