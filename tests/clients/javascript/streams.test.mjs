// Polly and Lex's runtime are spoken to over HTTP/2, without TLS: by prior knowledge.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gunzipSync } from "node:zlib";

import {
  BuildBotLocaleCommand,
  CreateBotCommand,
  CreateBotLocaleCommand,
  CreateIntentCommand,
  LexModelsV2Client,
  waitUntilBotLocaleBuilt,
} from "@aws-sdk/client-lex-models-v2";
import {
  DeleteSessionCommand,
  GetSessionCommand,
  LexRuntimeV2Client,
  PutSessionCommand,
  RecognizeTextCommand,
  RecognizeUtteranceCommand,
} from "@aws-sdk/client-lex-runtime-v2";
import {
  DeleteLexiconCommand,
  GetLexiconCommand,
  PollyClient,
  PutLexiconCommand,
  SynthesizeSpeechCommand,
  paginateListSpeechSynthesisTasks,
} from "@aws-sdk/client-polly";

import { ROLE } from "./clients.mjs";

const lex = new LexRuntimeV2Client();
const polly = new PollyClient();
const bot = {};

before(async () => {
  const client = new LexModelsV2Client();
  const { botId } = await client.send(
    new CreateBotCommand({
      botName: "Greeter",
      roleArn: ROLE,
      dataPrivacy: { childDirected: false },
      idleSessionTTLInSeconds: 300,
    }),
  );
  const draft = { botId, botVersion: "DRAFT", localeId: "en_US" };
  await client.send(
    new CreateBotLocaleCommand({ ...draft, nluIntentConfidenceThreshold: 0.4, voiceSettings: { voiceId: "Joanna" } }),
  );
  await client.send(
    new CreateIntentCommand({
      ...draft,
      intentName: "Hello",
      sampleUtterances: [{ utterance: "hello" }],
      intentClosingSetting: {
        closingResponse: { messageGroups: [{ message: { plainTextMessage: { value: "Nice to meet you." } } }] },
      },
    }),
  );
  await client.send(new BuildBotLocaleCommand(draft));
  await waitUntilBotLocaleBuilt({ client, maxWaitTime: 20 }, draft);
  Object.assign(bot, { botId, botAliasId: "TSTALIASID", localeId: "en_US" });
});

test("speech is a stream", async () => {
  const { AudioStream, ContentType, RequestCharacters } = await polly.send(
    new SynthesizeSpeechCommand({ Text: "hello ".repeat(100), VoiceId: "Joanna", OutputFormat: "pcm" }),
  );
  assert.equal(ContentType, "audio/pcm");
  assert.equal(RequestCharacters, 600);
  let bytes = 0;
  let pieces = 0;
  for await (const piece of AudioStream) {
    bytes += piece.length;
    pieces += 1;
  }
  assert.ok(bytes > 100_000);
  assert.ok(pieces > 1);
});

test("many streams share a connection", async () => {
  const spoken = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const { AudioStream } = await polly.send(
        new SynthesizeSpeechCommand({ Text: "good morning", VoiceId: "Joanna", OutputFormat: "mp3" }),
      );
      return Buffer.from(await AudioStream.transformToByteArray()).toString("base64");
    }),
  );
  assert.equal(new Set(spoken).size, 1);
});

test("a lexicon goes and comes, and is missed when it is gone", async () => {
  const Content = `<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
</lexicon>`;
  await polly.send(new PutLexiconCommand({ Name: "w3c", Content }));
  const { LexiconAttributes } = await polly.send(new GetLexiconCommand({ Name: "w3c" }));
  assert.equal(LexiconAttributes.LexemesCount, 1);
  assert.ok(LexiconAttributes.LastModified instanceof Date);
  await polly.send(new DeleteLexiconCommand({ Name: "w3c" }));
  await assert.rejects(polly.send(new GetLexiconCommand({ Name: "w3c" })), { name: "LexiconNotFoundException" });
});

test("an empty list has pages too", async () => {
  for await (const page of paginateListSpeechSynthesisTasks({ client: polly }, {})) {
    assert.deepEqual(page.SynthesisTasks, []);
  }
});

test("a session is put, talked in, looked at and deleted", async () => {
  const session = { ...bot, sessionId: "ada" };
  const put = await lex.send(
    new PutSessionCommand({ ...session, sessionState: { sessionAttributes: { language: "français" } } }),
  );
  assert.equal(put.sessionId, "ada");
  const said = await lex.send(new RecognizeTextCommand({ ...session, text: "hello" }));
  assert.equal(said.messages[0].content, "Nice to meet you.");
  assert.equal(said.sessionState.intent.name, "Hello");
  const seen = await lex.send(new GetSessionCommand(session));
  assert.equal(seen.sessionState.sessionAttributes.language, "français");
  await lex.send(new DeleteSessionCommand(session));
  await assert.rejects(lex.send(new GetSessionCommand(session)), { name: "ResourceNotFoundException" });
});

test("an utterance is a stream each way", async () => {
  const reply = await lex.send(
    new RecognizeUtteranceCommand({
      ...bot,
      sessionId: "bob",
      requestContentType: "text/plain; charset=utf-8",
      responseContentType: "audio/mpeg",
      inputStream: Buffer.from("hello"),
    }),
  );
  const [message] = JSON.parse(gunzipSync(Buffer.from(reply.messages, "base64")));
  assert.equal(message.content, "Nice to meet you.");
  assert.equal(reply.contentType, "audio/mpeg");
  assert.ok((await reply.audioStream.transformToByteArray()).length > 1000);
});
