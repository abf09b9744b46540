// Imported before pdf.js in its worker. pdf.js passes over messages that are addressed to another.
import { limitArrays } from '../../reading/pdf/array-limit.ts';

limitArrays(() => self.postMessage({ targetName: 'window' }));
