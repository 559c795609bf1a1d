// Files are staged in S3, jobs read them there and write there.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { before, test } from "node:test";
import { gunzipSync } from "node:zlib";

import {
  ComprehendClient,
  DescribeSentimentDetectionJobCommand,
  StartSentimentDetectionJobCommand,
} from "@aws-sdk/client-comprehend";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import {
  GetDocumentAnalysisCommand,
  StartDocumentAnalysisCommand,
  TextractClient,
} from "@aws-sdk/client-textract";
import {
  GetTranscriptionJobCommand,
  StartTranscriptionJobCommand,
  TranscribeClient,
  waitUntilTranscriptionJobCompleted,
} from "@aws-sdk/client-transcribe";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

import { BUCKET, ROLE, example, s3, sound } from "./clients.mjs";

const put = (Key, Body) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
const content = async (Key) =>
  (await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body.transformToByteArray();

before(() => s3.send(new CreateBucketCommand({ Bucket: BUCKET })));

test("a document is read by a Textract job, page after page", async () => {
  await put("invoice.pdf", await example("invoice.pdf"));
  const textract = new TextractClient();
  const { JobId } = await textract.send(
    new StartDocumentAnalysisCommand({
      DocumentLocation: { S3Object: { Bucket: BUCKET, Name: "invoice.pdf" } },
      FeatureTypes: ["TABLES", "FORMS"],
    }),
  );
  const blocks = [];
  let NextToken;
  do {
    const page = await textract.send(new GetDocumentAnalysisCommand({ JobId, NextToken, MaxResults: 100 }));
    if (page.JobStatus === "IN_PROGRESS") continue;
    assert.equal(page.JobStatus, "SUCCEEDED");
    blocks.push(...page.Blocks);
    NextToken = page.NextToken;
  } while (NextToken || blocks.length === 0);
  assert.ok(blocks.length > 100);
  assert.ok(blocks.some((block) => block.BlockType === "TABLE"));
  assert.ok(blocks.some((block) => block.BlockType === "LINE" && /invoice/i.test(block.Text)));
});

test("sound is transcribed, waited for and fetched from the address that the job tells", async () => {
  await put("call.wav", sound());
  const client = new TranscribeClient();
  const TranscriptionJobName = "javascript";
  await client.send(
    new StartTranscriptionJobCommand({
      TranscriptionJobName,
      LanguageCode: "en-US",
      Media: { MediaFileUri: `s3://${BUCKET}/call.wav` },
    }),
  );
  await waitUntilTranscriptionJobCompleted({ client, maxWaitTime: 20 }, { TranscriptionJobName });
  const { TranscriptionJob: job } = await client.send(new GetTranscriptionJobCommand({ TranscriptionJobName }));
  assert.ok(job.CompletionTime instanceof Date);
  const reply = await fetch(job.Transcript.TranscriptFileUri);
  assert.equal(reply.status, 200);
  assert.equal((await reply.json()).jobName, TranscriptionJobName);
});

test("texts are judged by a Comprehend job", async () => {
  await put("texts/all.txt", "What a lovely day!\nThis is awful, I hate it.\n");
  const comprehend = new ComprehendClient();
  const { JobId } = await comprehend.send(
    new StartSentimentDetectionJobCommand({
      InputDataConfig: { S3Uri: `s3://${BUCKET}/texts/`, InputFormat: "ONE_DOC_PER_LINE" },
      OutputDataConfig: { S3Uri: `s3://${BUCKET}/judged/` },
      DataAccessRoleArn: ROLE,
      LanguageCode: "en",
    }),
  );
  const { SentimentDetectionJobProperties: job } = await comprehend.send(
    new DescribeSentimentDetectionJobCommand({ JobId }),
  );
  assert.equal(job.JobStatus, "COMPLETED");
  const key = job.OutputDataConfig.S3Uri.slice(`s3://${BUCKET}/`.length);
  const archive = gunzipSync(await content(key)).toString();
  assert.deepEqual(
    [...archive.matchAll(/"Sentiment": ?"(\w+)"/g)].map((found) => found[1]),
    ["POSITIVE", "NEGATIVE"],
  );
});

test("a large object goes in parts, its checksum behind it, and comes back whole", async () => {
  const Body = Buffer.alloc(12_000_000, "0123456789");
  await new Upload({ client: s3, params: { Bucket: BUCKET, Key: "large ü+.bin", Body } }).done();
  assert.ok(Buffer.from(await content("large ü+.bin")).equals(Body));
});

test("a stream is put in chunks, its checksum behind them", async () => {
  const Body = Readable.from(Array.from({ length: 20 }, (_, number) => Buffer.alloc(10_000, `${number % 10}`)));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "stream", Body, ContentLength: 200_000 }));
  const found = await content("stream");
  assert.equal(found.length, 200_000);
  assert.equal(String.fromCharCode(found[15_000]), "1");
});

test("objects are listed in pages", async () => {
  await Promise.all([1, 2, 3, 4, 5].map((number) => put(`listed/${number}`, `${number}`)));
  const keys = [];
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket: BUCKET, Prefix: "listed/" })) {
    assert.ok(page.Contents.length <= 2);
    keys.push(...page.Contents.map((object) => object.Key));
  }
  assert.deepEqual(keys, ["listed/1", "listed/2", "listed/3", "listed/4", "listed/5"]);
});

test("presigned addresses take and give objects", async () => {
  const named = { Bucket: BUCKET, Key: "signed one.txt" };
  const sent = await fetch(await getSignedUrl(s3, new PutObjectCommand(named)), { method: "PUT", body: "hello" });
  assert.equal(sent.status, 200);
  const got = await fetch(await getSignedUrl(s3, new GetObjectCommand(named)));
  assert.equal(await got.text(), "hello");
});

test("other services are at the same address", async () => {
  const { Account } = await new STSClient().send(new GetCallerIdentityCommand({}));
  assert.equal(Account, "123456789012");
});
