// What customers wrote today: who is unhappy, and the first of it as speech for the team's morning call.
//
//   node feedback.mjs BUCKET FILE        FILE lies in the bucket and has a message a line
//
// It knows nothing of the server: where AWS is stands in the environment.
import { BatchDetectSentimentCommand, ComprehendClient } from "@aws-sdk/client-comprehend";
import { PollyClient, SynthesizeSpeechCommand } from "@aws-sdk/client-polly";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const AT_ONCE = 25; // Comprehend takes no more texts in a batch

const s3 = new S3Client({ forcePathStyle: true });
const comprehend = new ComprehendClient();
const polly = new PollyClient();

/** The messages that are negative, the most negative first. */
export async function unhappy(messages) {
  const found = [];
  for (let begin = 0; begin < messages.length; begin += AT_ONCE) {
    const batch = messages.slice(begin, begin + AT_ONCE);
    const { ResultList } = await comprehend.send(
      new BatchDetectSentimentCommand({ TextList: batch, LanguageCode: "en" }),
    );
    for (const { Index, Sentiment, SentimentScore } of ResultList) {
      if (Sentiment === "NEGATIVE") found.push({ message: batch[Index], score: SentimentScore.Negative });
    }
  }
  return found.sort((one, other) => other.score - one.score).map(({ message }) => message);
}

/** Read the file, write the unhappy messages and their sound beside it; how many they are. */
export async function report(bucket, file) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: file }));
  const messages = (await Body.transformToString()).split("\n").filter((line) => line.trim());
  const found = await unhappy(messages);
  if (found.length) {
    const { AudioStream } = await polly.send(
      new SynthesizeSpeechCommand({ Text: found[0], VoiceId: "Joanna", OutputFormat: "mp3" }),
    );
    const sound = await AudioStream.transformToByteArray();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${file}.mp3`, Body: sound, ContentType: "audio/mpeg" }));
  }
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${file}.unhappy.txt`, Body: found.join("\n") }));
  return found.length;
}

if (process.argv[1] === import.meta.filename) {
  const [bucket, file] = process.argv.slice(2);
  console.log(`${await report(bucket, file)} unhappy messages`);
}
