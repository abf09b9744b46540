// Verbs that a question can be turned around: "Parliament offered bounties" asks "What did Parliament offer?" only where it is known
// that "offered" is the past of "offer". A list of our own, of verbs that documents tell events, duties and reasons with; a word that
// is not in it is no verb here, and one whose past looks like its present (cut, put) is left out.

export interface VerbForm {
  base: string;
  /** What takes its place in a question. */
  auxiliary: 'do' | 'does' | 'did';
}

const REGULAR = `
abandon abolish accept achieve acquire adopt affect allow announce appear appoint approve argue arrange arrive assign attend attract avoid belong
call carry celebrate close collect combine compare compose conclude conduct conquer consider consume contain contribute convert create criticise
criticize decide declare defeat define deliver demonstrate deny depend describe destroy determine develop die direct disappear discover discuss
dismiss divide dominate earn elect eliminate employ enable enter establish examine exceed exist expand expect explain explore express extend face
fail finish follow found gain generate happen identify ignore impose improve include inherit install introduce invade invent invest involve join
kill last live locate look maintain marry mention merge move observe obtain open operate oppose organise organize own pass perform persuade predict
prepare present preserve prevent produce prohibit promote propose protect prove provide publish reach receive recognise recognize recommend reduce
reflect refuse reject rely remain remove rename replace represent require resign resist resolve restore restrict retain retire reveal save seize
separate serve settle stay succeed suffer suggest surrender surround survive suspend threaten treat unite want weaken weigh`;

/** Of these only the past: what else they are, is a noun ("Tension forces …"). */
const NOUNS_TOO = `
access approach attack attempt award capture cause change charge claim collapse concern contract cover cross damage decline decrease delay demand
design display end escape estimate experience export feature file flow focus force form grant handle help house import increase influence issue lack
launch limit mark measure need note offer order paint play praise process promise purchase raise record release report request result return
reverse rule share show sign start state store struggle study support survey switch total trade train trigger turn use visit vote witness work yield`;

/** Base and past. */
const IRREGULAR = `
ban banned|become became|begin began|bind bound|break broke|bring brought|build built|burn burned|buy bought|catch caught|choose chose|come came
control controlled|dig dug|draw drew|drive drove|eat ate|fall fell|feed fed|fight fought|find found|fly flew|forbid forbade|get got
give gave|go went|grow grew|hear heard|hide hid|hold held|keep kept|lay laid|lead led|learn learned|leave left|lend lent|lie lay|lose lost|make made
mean meant|meet met|occur occurred|pay paid|permit permitted|plan planned|refer referred|rise rose|run ran|say said|see saw|seek sought
sell sold|send sent|sink sank|speak spoke|spend spent|stand stood|stop stopped|submit submitted|take took
teach taught|tell told|think thought|transfer transferred|try tried|understand understood|win won|withdraw withdrew|write wrote`;

const words = (list: string): string[] => list.trim().split(/\s+/);

const pastOf = (base: string): string => {
  if (base.endsWith('e')) return `${base}d`;
  return /[^aeiou]y$/.test(base) ? `${base.slice(0, -1)}ied` : `${base}ed`;
};

const thirdOf = (base: string): string => {
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh|o)$/.test(base) ? `${base}es` : `${base}s`;
};

const FORMS = new Map<string, VerbForm>();
const addVerb = (base: string, past: string): void => {
  FORMS.set(base, { base, auxiliary: 'do' });
  FORMS.set(thirdOf(base), { base, auxiliary: 'does' });
  FORMS.set(past, { base, auxiliary: 'did' });
};
for (const base of words(REGULAR)) addVerb(base, pastOf(base));
for (const base of words(NOUNS_TOO)) FORMS.set(pastOf(base), { base, auxiliary: 'did' });
for (const pair of IRREGULAR.trim().split(/[|\n]/)) {
  const [base, past] = pair.trim().split(' ');
  addVerb(base, past);
}
for (const [form, auxiliary] of [
  ['have', 'do'],
  ['has', 'does'],
  ['had', 'did'],
] as const)
  FORMS.set(form, { base: 'have', auxiliary });

/** Undefined for a word that is no verb of the list. What is both ("found", "cost") is the past of the commoner one. */
export const verbForm = (word: string): VerbForm | undefined => FORMS.get(word);
