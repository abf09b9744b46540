// Abbreviations whose point ends no sentence, in the languages of Western Europe. A word that is also a common word of one of them
// ("mind.", "gem.", "art.") stands only where what follows tells the two apart.

const list = (words: string): string =>
  words.trim().split(/\s+/).join('|').replaceAll('.', '\\.').replaceAll('_', '\\s?');

/** At the end of a piece, with its point; `_` stands for a blank that may be there. */
const ending = (words: string): RegExp => new RegExp(`(?:^|[\\s([“"'„«‘’])(?:${list(words)})\\.$`, 'iu');

/** Never end a sentence. */
const OPEN = ending(`
  Mr Mrs Ms Dr Drs Prof Rev Hon Gen Col Lt Sgt Capt Gov Sen Rep St Ste Mt Messrs vs v cf viz resp approx ca esp incl excl e.g i.e a.k.a
  z._B d._h u._a u._U v._a i._d._R i._S z._T z._Zt s._o s._u o._ä o._g u._ä i._V._m bzw bspw vgl evtl ggf inkl exkl zzgl einschl insb
  entspr sog Hrsg Dipl Ing Nrn Mio Mrd Tsd dt engl frz griech techn
  MM Mme Mmes Mlle p._ex env av._J.-C apr._J.-C
  Sra Srta Sres Dra Dña Ud Uds Vd Gral Lic Excmo p._ej
  Sig Sigg Sig.ra Dott Dott.ssa Prof.ssa Avv Egr Spett cfr p._es ad_es
  Srs Profa Exmo Exma
  dhr mevr mw bijv d.w.z d._w._z m.b.t o.a t.a.v i.v.m o.l.v evt
  np tzn m.in
`);
/** End no sentence before a number, a bracket or a capital letter that names a part. */
const PARTS = ending(`
  Fig Figs Eq Eqs Eqn Sec Secs Sect Tab Tabs Ref Refs Ch Chs Chap No Nos Nr Vol Vols p pp l ll Art Arts Para Paras Par Pars Thm Lem Prop
  Cor Def Ex App Alg Abs § S Bd Kap Abb Anm Ziff Rn Rdnr Aufl lit núm núms pág págs cap fol n nn pag pagg artt lett blz ust pkt inc al gem
`);
const PART_NAME = /^(?:\d|[([§]|\p{Lu}(?:\b|\d))/u;
const WHOLE_NAME = /^[\d([§\p{Lu}IVX][\d.\-–,)\]IVXa-z]*[;:]?(?=\s|$)/u;
/** Names by numbers of what is decided, reported or sold: "No. CE-90-27", "N. 94-D-60". */
const SERIAL = /^(?=\S*\d)[\p{Lu}\d]+(?:[\p{Pd}/.][\p{Lu}\d]+)*/u;
/** "34 C.F.R. 668.46": laws, by the first letters of their names. */
const CODES = /(?:^|[\s(])(?:\p{Lu}\.){3,}$/u;
/** Of the names of journals and congresses; they end a sentence only before a word that begins one. */
const JOURNALS = new RegExp(
  `(?:^|[\\s([“"'„«‘’])(?:${list(`
  Acad Amer Appl Assoc Astron Astrophys Biol Chem Clin Commun Comput Conf Conv Econ Electr Electron Eng Entertain Environ Geophys
  Inst Int Jpn Lett Mach Mater Math Mech Med Meth Natl Nucl Philos Phys Proc Psychol Res Sci Ser Softw Soc Stat Struct Surv Symp Syst Technol Theor Ver
  `)})\\.$`,
  'u',
);
/** End a sentence only before a capital that starts one. */
const CLOSING = ending(`
  et_al etc usw uvm ecc enz osv Inc Ltd Ltda Co Corp Bros Jr Dept Univ Assn Ave Blvd Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
  ed eds trans U.S U.K U.N E.U D.C a.m p.m Ph.D M.D B.A M.A ibid op._cit
`);
/** Before a name, or at the end of one: "Sr. García", "King Sr. was". */
const INITIAL = /(?:^|[\s([.\-“"])(?:\p{Lu}|Sr)\.$/u;
/** A year, a part ("(Eds.)") or another name after the initial that ends one. */
const AFTER_NAME = /^(?:\(\d{4}|\(\p{Lu}\p{Ll}{1,3}\.\)|&)/u;
/** Words that begin a sentence, and are no name after an initial: "Part B. The …". */
const STARTERS = new RegExp(
  `^[“"'„«([]?(?:${list(`
  The This These That Those It Its In On At We Our He She They Their You I A An However But And As For From If When While After Before
  Since Although There Here To By With Each All Some Many Most No Not One Both Such Then Thus Hence Moreover Furthermore Finally What
  Where Who Why How
  Der Die Das Ein Eine Es Er Sie Wir Dies Diese Dieser Dieses Im Am Bei Für Nach Auch Wenn Wird Werden
  Les Une Il Elle Ils Elles Cette Ces Nous Dans Pour Mais Cet
  El Los Las Una Este Esta Estos Estas Pero Cuando
  Gli Questo Questa Questi Queste Nel Nella
  Os As Uma Esta Não
  Het Een Deze Dit Wij Ze
`)})(?![\\p{L}.])`,
  'u',
);
/** The parts of "z. B.", "d. h.", "a. C.", "i. d. R.", written with blanks. */
const SPACED = /(?:^|[\s([“"„«])\p{Ll}\.$/u;
const SPACED_ON = /^\p{L}{1,2}\./u;
/** German days and centuries: "am 3. Oktober", "im 19. Jahrhundert". */
const ORDINAL = /(?:^|[\s(])\d{1,2}\.$/u;
const ORDINAL_ON =
  /^(?:Jan(?:uar|\.)|Jänner|Feb(?:ruar|\.)|März|April?\b|Mai\b|Juni?\b|Juli?\b|Aug(?:ust|\.)|Sept(?:ember|\.)|Okt(?:ober|\.)|Nov(?:ember|\.)|Dez(?:ember|\.)|Jahrhundert|Jh\.|Jahrtausend|Auflage|Aufl\.|Lebensjahr|Weltkrieg|Klasse\b|Tag(?:es?)?\b|Absatz|Abschnitt)/u;

/** Whether the point at the end of `end` may be that of an abbreviation, with `next` going on with its sentence. */
export const goesOnAfterPoint = (end: string, next: string): boolean => {
  if (OPEN.test(end)) return true;
  if (SPACED.test(end) && SPACED_ON.test(next)) return true;
  if (/\bEE\.$/.test(end) && next.startsWith('UU.')) return true;
  if (ORDINAL.test(end) && ORDINAL_ON.test(next)) return true;
  if (PARTS.test(end) && WHOLE_NAME.test(next) && PART_NAME.test(next)) return true;
  if (/\bNo?s?\.$/.test(end) && SERIAL.test(next)) return true;
  if (CODES.test(end) && /^[\d§]/.test(next)) return true;
  if (/\bPh\.$/.test(end) && /^D\b/.test(next)) return true;
  if (JOURNALS.test(end) && /^[\p{Lu}\d]/u.test(next) && !STARTERS.test(next)) return true;
  if (CLOSING.test(end) && !/^[“"'(„«]?\p{Lu}/u.test(next)) return true;
  return INITIAL.test(end) && (AFTER_NAME.test(next) || (/^\p{Lu}/u.test(next) && !STARTERS.test(next)));
};
