import { bodyProblems, jsonContent, limitProblems, type Paths } from '../openapi/operation.ts';
import {
  modelInfoSchema,
  predictionListSchema,
  predictionSchema,
  predictRequestSchema,
} from './predict.schemas.ts';

const tags = ['model'] as const;

export const predictSchemas = {
  PredictRequest: predictRequestSchema,
  Prediction: predictionSchema,
  PredictionList: predictionListSchema,
  ModelInfo: modelInfoSchema,
} as const;

/** What can be asked of the model over HTTP. */
export const predictPaths: Paths = {
  '/predict': {
    post: {
      operationId: 'predict',
      summary: 'Whether sentences are positive or negative',
      description:
        'Answers one prediction to `text`, a list of them to `texts`. While the model loads, 503 asks to try again.',
      tags,
      requestBody: { required: true, content: jsonContent('PredictRequest') },
      responses: {
        200: {
          description: 'What the model says.',
          content: {
            'application/json': {
              schema: {
                oneOf: [
                  { $ref: '#/components/schemas/Prediction' },
                  { $ref: '#/components/schemas/PredictionList' },
                ],
              },
            },
          },
        },
        ...bodyProblems,
        ...limitProblems,
      },
    },
  },
  '/model/info': {
    get: {
      operationId: 'readModelInfo',
      summary: 'What the model is, how good it is and what it was made from',
      tags,
      responses: {
        200: { description: 'The model that is loaded.', content: jsonContent('ModelInfo') },
        ...limitProblems,
      },
    },
  },
};
