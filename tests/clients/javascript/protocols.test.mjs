// Each service in the protocol that the SDK chooses for it, and in the newer one that it can be told to use.
import assert from "node:assert/strict";
import { test } from "node:test";

import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import {
  BatchDetectSentimentCommand,
  ComprehendClient,
  CreateDocumentClassifierCommand,
  DetectSentimentCommand,
  paginateListDocumentClassifiers,
} from "@aws-sdk/client-comprehend";
import { KendraClient, ListIndicesCommand } from "@aws-sdk/client-kendra";
import { DetectTextCommand, RekognitionClient } from "@aws-sdk/client-rekognition";
import { ImportTerminologyCommand, TranslateClient, TranslateTextCommand } from "@aws-sdk/client-translate";

import { ROLE, example } from "./clients.mjs";

const comprehend = new ComprehendClient();
const cbor = new ComprehendClient({ protocol: AwsSmithyRpcV2CborProtocol });

for (const [protocol, client] of [["JSON", comprehend], ["CBOR", cbor]]) {
  test(`texts are judged in ${protocol}`, async () => {
    const { Sentiment, SentimentScore } = await client.send(
      new DetectSentimentCommand({ Text: "Was für ein schöner Tag! 😀", LanguageCode: "de" }),
    );
    assert.equal(Sentiment, "POSITIVE");
    assert.ok(SentimentScore.Positive > 0.5);
    const { ResultList, ErrorList } = await client.send(
      new BatchDetectSentimentCommand({ TextList: ["I love it", "I hate it"], LanguageCode: "en" }),
    );
    assert.deepEqual([ResultList.map((result) => result.Sentiment), ErrorList], [["POSITIVE", "NEGATIVE"], []]);
  });

  test(`errors are the service's own in ${protocol}`, async () => {
    await assert.rejects(
      client.send(new DetectSentimentCommand({ Text: "x", LanguageCode: "xx" })),
      (error) => error.$fault === "client" && error.$metadata.httpStatusCode === 400 && /languageCode/.test(error.message),
    );
  });

  test(`things made have their moments, and lists their pages in ${protocol}`, async () => {
    for (let number = 0; number < 3; number += 1) {
      await client.send(
        new CreateDocumentClassifierCommand({
          DocumentClassifierName: `${protocol}-${number}`,
          DataAccessRoleArn: ROLE,
          LanguageCode: "en",
          InputDataConfig: { S3Uri: "s3://texts/train.csv" },
        }),
      );
    }
    const found = [];
    const Filter = { DocumentClassifierName: undefined };
    for await (const page of paginateListDocumentClassifiers({ client, pageSize: 2 }, { Filter })) {
      found.push(...page.DocumentClassifierPropertiesList);
    }
    const mine = found.filter((it) => it.DocumentClassifierArn.includes(`/${protocol}-`));
    assert.equal(mine.length, 3);
    assert.ok(mine.every((it) => it.SubmitTime instanceof Date));
  });
}

test("bytes are sent and read", async () => {
  const { TextDetections } = await new RekognitionClient().send(
    new DetectTextCommand({ Image: { Bytes: await example("receipt.jpg") } }),
  );
  assert.ok(TextDetections.some((detection) => /total/i.test(detection.DetectedText)));
});

test("a terminology is used by a translation", async () => {
  const translate = new TranslateClient();
  const File = Buffer.from("en,de\nAmazon,Amazonas\n");
  await translate.send(
    new ImportTerminologyCommand({
      Name: "rivers",
      MergeStrategy: "OVERWRITE",
      TerminologyData: { File, Format: "CSV" },
    }),
  );
  const { TranslatedText, AppliedTerminologies } = await translate.send(
    new TranslateTextCommand({
      Text: "Amazon",
      SourceLanguageCode: "en",
      TargetLanguageCode: "de",
      TerminologyNames: ["rivers"],
    }),
  );
  assert.match(TranslatedText, /Amazonas/);
  assert.equal(AppliedTerminologies[0].Name, "rivers");
});

test("a list that is empty is empty", async () => {
  const { IndexConfigurationSummaryItems } = await new KendraClient().send(new ListIndicesCommand({}));
  assert.deepEqual(IndexConfigurationSummaryItems, []);
});
