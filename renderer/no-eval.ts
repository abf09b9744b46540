// Imported first: the Content-Security-Policy forbids code from strings, so zod must not even try to compile its checks.
import { config } from 'zod';

config({ jitless: true });
