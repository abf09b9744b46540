// What the names of glyphs stand for: letters and signs that PDFs name in ways which pdf.js does not read, by the rules and from the list of
// names of the Adobe Glyph List, with those of TeX's fonts of formulas.

const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
/** Pairs of a name and what it stands for. */
const pairs = (list: string): [string, string][] =>
  list.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);

const NAMED = new Map([
  ...DIGITS.map((name, digit): [string, string] => [name, String(digit)]),
  ...pairs(
    'ae=æ AE=Æ oe=œ OE=Œ germandbls=ß oslash=ø Oslash=Ø lslash=ł Lslash=Ł eth=ð Eth=Ð thorn=þ Thorn=Þ dotlessi=ı longs=ſ',
  ),
  ...pairs(
    'ff=ff fi=fi fl=fl ffi=ffi ffl=ffl period=. comma=, colon=: semicolon=; question=? exclam=! questiondown=¿ exclamdown=¡',
  ),
  ...pairs(
    'hyphen=- endash=– emdash=— slash=/ parenleft=( parenright=) bracketleft=[ bracketright=] section=§ asterisk=* at=@',
  ),
  ...pairs(
    'quoteleft=‘ quoteright=’ quotedblleft=“ quotedblright=” ampersand=& percent=% numbersign=# plus=+ minus=− equal==',
  ),
  ...pairs(
    'dollar=$ sterling=£ Euro=€ quotesingle=\' quotedbl=" asciicircum=^ underscore=_ backslash=\\ bar=| less=< greater=>',
  ),
  ...pairs(
    'braceleft={ braceright=} guillemotleft=« guillemotright=» guilsinglleft=‹ guilsinglright=› ellipsis=… bullet=•',
  ),
  ...pairs(
    'quotesinglbase=‚ quotedblbase=„ dagger=† daggerdbl=‡ paragraph=¶ copyright=© registered=® trademark=™ degree=°',
  ),
  ...pairs('ordfeminine=ª ordmasculine=º onesuperior=¹ twosuperior=² threesuperior=³ dotlessj=ȷ asciitilde=~'),
  ...pairs(
    'grave=` acute=´ circumflex=ˆ tilde=˜ macron=¯ breve=˘ dotaccent=˙ dieresis=¨ ring=˚ cedilla=¸ ogonek=˛ caron=ˇ hungarumlaut=˝',
  ),
  ...pairs('Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω'),
  ...pairs(
    'alpha=α beta=β gamma=γ delta=δ epsilon=ε zeta=ζ eta=η theta=θ iota=ι kappa=κ lambda=λ mu=μ nu=ν xi=ξ omicron=ο pi=π',
  ),
  ...pairs(
    'rho=ρ sigma=σ tau=τ upsilon=υ phi=φ chi=χ psi=ψ omega=ω epsilon1=ϵ theta1=ϑ pi1=ϖ rho1=ϱ sigma1=ς phi1=ϕ omega1=ϖ',
  ),
  ...pairs(
    'multiply=× divide=÷ plusminus=± minusplus=∓ periodcentered=· asteriskmath=∗ circleplus=⊕ circlemultiply=⊗ circledot=⊙',
  ),
  ...pairs(
    'lessequal=≤ greaterequal=≥ equivalence=≡ similar=∼ approxequal=≈ proportional=∝ notequal=≠ congruent=≅ lessmuch=≪',
  ),
  ...pairs(
    'greatermuch=≫ propersubset=⊂ propersuperset=⊃ reflexsubset=⊆ reflexsuperset=⊇ element=∈ owner=∋ emptyset=∅ union=∪',
  ),
  ...pairs(
    'intersection=∩ logicaland=∧ logicalor=∨ logicalnot=¬ universal=∀ existential=∃ perpendicular=⊥ infinity=∞ nabla=∇',
  ),
  ...pairs(
    'partialdiff=∂ integral=∫ summation=∑ product=∏ radical=√ prime=′ arrowleft=← arrowright=→ arrowup=↑ arrowdown=↓',
  ),
  ...pairs(
    'arrowboth=↔ arrowdblleft=⇐ arrowdblright=⇒ arrowdblboth=⇔ angbracketleft=⟨ angbracketright=⟩ floorleft=⌊ floorright=⌋',
  ),
  ...pairs('ceilingleft=⌈ ceilingright=⌉ weierstrass=℘ aleph=ℵ bardbl=‖ star=⋆ openbullet=◦ diamondmath=⋄ mapsto=↦'),
]);
const ACCENTS = new Map([
  ...pairs('grave=\u0300 acute=\u0301 circumflex=\u0302 tilde=\u0303 macron=\u0304 breve=\u0306 dotaccent=\u0307'),
  ...pairs('dieresis=\u0308 ring=\u030a hungarumlaut=\u030b caron=\u030c cedilla=\u0327 ogonek=\u0328'),
]);

/** By the rules of the Adobe Glyph List: what follows a point says how it looks, underscores join. Undefined where a part is not known. */
export const ofName = (name: string): string | undefined => {
  const parts = name.split('.', 1)[0].split('_').map(ofPart);
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
};

const ofPart = (name: string): string | undefined => {
  if (/^[A-Za-z]$/.test(name)) return name;
  const code = /^(?:uni([\dA-F]{4})|u([\dA-F]{4,6}))$/.exec(name);
  if (code) return fromCode(Number.parseInt(code[1] ?? code[2], 16));
  const accent = ACCENTS.get(name.slice(1));
  return NAMED.get(name) ?? (accent && `${name[0]}${accent}`.normalize('NFC'));
};

const fromCode = (code: number): string | undefined => (code <= 0x10ffff ? String.fromCodePoint(code) : undefined);
