// A Keitaro panel through the API, in both of its generations: tested, connected, backfilled, kept current.
import { journey } from './journey.ts';

const wrongKey = /^Connection test failed: 401 \(Unauthorized/;

journey({ face: 'keitaro', wrongKey });
journey({ face: 'keitaro', options: { keitaro: { build: 'v11', money: 'text', total: 'text' } }, wrongKey });
