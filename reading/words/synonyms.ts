// Words that people ask with, and those that documents say the same with: no word form leads from "sue" to "lawsuit". A short list of
// our own for English; a synonym counts as another form of the word does (evidence.ts).
import { terms } from './search.ts';

const GROUPS = `
sue suit lawsuit litigation action|talk speak speech address|say state claim|start begin commence open launch|found establish create form set
end finish conclude terminate expire|stop halt cease discontinue|buy purchase acquire|sell sale|cost price fee charge expense
pay payment salary wage compensation remuneration|money fund cash|big large size area|small little tiny|kill murder assassinate slay
die death dead perish|born birth|child kid infant baby|parent mother father|wife husband spouse marry|doctor physician|illness disease sickness
drug medicine medication|job position post role occupation|worker employee staff personnel|boss manager supervisor|company firm corporation business
car vehicle automobile|house home dwelling residence|live reside inhabit dwell native|get receive obtain gain|give provide supply grant donate
show demonstrate reveal indicate|use utilize employ apply|need require necessary|help assist aid support|allow permit enable|forbid prohibit ban
increase rise grow growth|decrease decline fall drop reduce|build construct erect|destroy demolish|fix repair mend|change alter modify amend revise
choose select pick elect|leader head chief president|rule govern reign|country nation|city town municipality|war conflict battle fight
win victory defeat beat|lose loss|movie film|book novel volume|author writer write|teach instruct educate|student pupil|test exam examination
answer reply respond response|ask request inquire|send transmit mail deliver|fast quick rapid speed|old age ancient|rich wealthy|poor poverty
hot warm heat temperature|rain rainfall precipitation|high tall height elevation altitude|deep depth|wide width broad|long length duration last
far distance|near close adjacent|often frequent frequency|amount quantity|part portion share|kind type sort category|reason cause|result outcome effect
goal aim objective purpose|problem issue difficulty|danger risk hazard threat|law statute act regulation|agree agreement contract
rent lease|landlord lessor|tenant lessee|happen occur|find discover detect|believe think opinion view|person people individual|man male|woman female
picture image photo|name call title term|population inhabitant|religion faith|holiday vacation leave|fire dismiss|hire recruit|join enter
depart exit|arrive reach come|move relocate transfer|own possess owner property|eat food feed diet|attack assault raid invade|protect defend guard
save rescue preserve|invent develop design|famous known notable|important significant major|different distinct difference|entire whole
first initial original|last final|main primary principal|crash accident collision|road street highway|river stream|mountain peak summit
sea ocean|animal species fauna|plant vegetation flora|energy power|award prize medal|team club|king monarch ruler queen|army troop soldier military
prison jail|crime offence offense|vote ballot election|tax duty levy|refund reimburse reimbursement|limit maximum cap|minimum least|annual year yearly
file submit apply|cancel terminate|attend participate take|member belong|goal score|border boundary neighbor|see witness observe|hold conduct
`;

const KIN = new Map<string, Set<string>>();
for (const group of GROUPS.trim().split(/[|\n]/)) {
  const forms = terms(group);
  for (const form of forms) {
    const kin = KIN.get(form) ?? new Set();
    for (const other of forms) if (other !== form) kin.add(other);
    KIN.set(form, kin);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Terms that say the same as a term in some sentence, itself left out. */
export const synonymsOf = (term: string): ReadonlySet<string> => KIN.get(term) ?? NONE;
