// The application's own tests: nothing is mocked in it, a server on this machine answers instead of AWS.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import { serve } from "./server.mjs";

const BUCKET = "feedback";
const MESSAGES = [
  "The tent is wonderful, we love it!",
  "It broke on the first day and nobody answers my mails. Terrible service, I am very disappointed.",
  "Delivery took three days.",
];

let aws, feedback, s3;

before(async () => {
  aws = await serve();
  feedback = await import("./feedback.mjs"); // its clients read the environment when they are made
  s3 = new S3Client({ forcePathStyle: true });
});

beforeEach(async () => {
  await aws.reset();
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});

after(() => aws.stop());

const put = (Body) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "today.txt", Body }));
const get = async (Key) => (await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body;

test("the unhappy message is found, written and spoken", async () => {
  await put(MESSAGES.join("\n"));
  assert.equal(await feedback.report(BUCKET, "today.txt"), 1);
  assert.equal(await (await get("today.txt.unhappy.txt")).transformToString(), MESSAGES[1]);
  assert.ok((await (await get("today.txt.mp3")).transformToByteArray()).length > 1000);
  const [spoken] = await aws.calls("polly.SynthesizeSpeech");
  assert.equal(spoken.params.Text, MESSAGES[1]);
});

test("where all are happy nothing is spoken", async () => {
  await put(MESSAGES[0]);
  assert.equal(await feedback.report(BUCKET, "today.txt"), 0);
  assert.deepEqual(await aws.calls("polly.SynthesizeSpeech"), []);
});

test("sixty messages go in three batches", async () => {
  const messages = Array.from({ length: 60 }, (_, number) => `${number}: ${MESSAGES[number % 2]}`);
  assert.equal((await feedback.unhappy(messages)).length, 30);
  const sizes = (await aws.calls("comprehend.BatchDetectSentiment")).map(({ params }) => params.TextList.length);
  assert.deepEqual(sizes, [25, 25, 10]);
});

test("throttling is waited out by the SDK", async () => {
  const fails = { code: "TooManyRequestsException", message: "Slow down.", times: 2 };
  await aws.script({ operation: "comprehend.BatchDetectSentiment", fails });
  assert.equal((await feedback.unhappy(MESSAGES)).length, 1);
  const errors = (await aws.calls("comprehend.BatchDetectSentiment")).map((call) => call.error);
  assert.deepEqual(errors, ["TooManyRequestsException", "TooManyRequestsException", null]);
});

test("where Polly fails for good nothing is written", async () => {
  await aws.script({ operation: "polly.SynthesizeSpeech", fails: { code: "ServiceFailureException" } });
  await put(MESSAGES.join("\n"));
  await assert.rejects(feedback.report(BUCKET, "today.txt"), { name: "ServiceFailureException" });
  await assert.rejects(get("today.txt.unhappy.txt"), { name: "NoSuchKey" });
});

test("an answer can be said beforehand", async () => {
  const score = { Positive: 0, Negative: 1, Neutral: 0, Mixed: 0 };
  const returns = { ResultList: [{ Index: 0, Sentiment: "NEGATIVE", SentimentScore: score }], ErrorList: [] };
  await aws.script({ operation: "comprehend.BatchDetectSentiment", params: { TextList: ["fine"] }, returns });
  assert.deepEqual(await feedback.unhappy(["fine"]), ["fine"]);
});
