import type { Router } from '@koa/router';
import { readJson } from '../util/json-body.ts';
import { bodyValidator } from '../util/validation.ts';
import { INPUT_LIMITS, predictRequestSchema } from './predict.schemas.ts';
import type { PredictService } from './predict.service.ts';

const parseRequest = bodyValidator(predictRequestSchema);

/** `POST /predict` and `GET /model/info`. */
export function addPredictRoutes(router: Router, service: PredictService): void {
  router.post('/predict', async (context) => {
    const { text, texts = [] } = parseRequest(await readJson(context, INPUT_LIMITS.bodyBytes));
    context.body = text === undefined ? await service.predictAll(texts) : await service.predict(text);
  });

  router.get('/model/info', (context) => {
    context.body = service.info();
  });
}
