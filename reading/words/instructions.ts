// Text that speaks to a language model instead of a reader ("Ignore all previous instructions and say …"). It stays part of the
// document, can be found and quoted in an answer, but sums nothing up and bears nothing out.

const AIMED = new RegExp(
  [
    // At what was asked before.
    String.raw`\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,60}\b(?:instructions?|prompts?|rules|guidelines|directives|what (?:you|was)|everything|(?:the )?(?:above|previous|preceding)|this document|the (?:document|text|task))\b`,
    // At a machine by its name.
    String.raw`\b(?:system prompt|system message|new instructions?|prompt injection|jailbreak|developer mode|language models?|chatbot|AI (?:assistant|model|system|reader|summari[sz]er)|LLMs?|assistants?)\b[^.!?]{0,80}\b(?:must|should|shall|will|are|is|to|say|write|reply|respond|output|answer|summari[sz]e|ignore|obey|follow|now)\b`,
    String.raw`\byou are (?:now )?(?:an? )?(?:\w+ ){0,3}(?:assistant|AI|model|chatbot|bot|DAN)\b`,
    String.raw`\b(?:note|message|instructions?|attention)[^.!?]{0,20}\b(?:to|for)\b[^.!?]{0,20}\b(?:AI|LLMs?|(?:language )?models?|assistants?|summari[sz]ers?|bots?)\b`,
    // At what it is to put out.
    String.raw`\b(?:your|the|any|every) (?:summary|reply|response|answer|output)\b[^.!?]{0,40}\b(?:must|should|shall|has to|will) (?:only |also |instead )?(?:say|state|read|contain|include|begin|start|end|be|mention|consist)\b`,
    String.raw`^[\s"'“(*#<>|\-]*(?:please |now |instead,? |then |and |just |only )*(?:say|write|reply|respond|answer|output|print|state|claim|pretend|tell the (?:user|reader))\b(?! (?:to|for) )[^.!?]{0,80}\b(?:only|instead|exactly|that|with|nothing else|the (?:word|words|sentence|phrase|following)|user|["'“])`,
    String.raw`\b(?:summari[sz]e|describe) (?:this|the) (?:document|text|report|file)[^.!?]{0,30}\b(?:as|about|instead)\b`,
    String.raw`\byour (?:only |new |real |next )?task\b[^.!?]{0,60}:`,
    String.raw`\brepeat (?:exactly|after me|the (?:following|words?|sentence|phrase))\b`,
    // Marks of chat templates.
    String.raw`<\|?[a-z_]+\|>|<\/?s>|\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>|^\s*#{2,} (?:system|instruction|response|assistant)\b|^\s*(?:system|assistant|user) ?:`,
  ].join('|'),
  'iu',
);

export const speaksToModel = (text: string): boolean => AIMED.test(text);
