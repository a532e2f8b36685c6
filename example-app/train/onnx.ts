import proto, { type onnx } from 'onnx-proto';
import type { LinearModel } from './logistic-regression.ts';

const { GraphProto, ModelProto, AttributeProto } = proto.onnx;
const { DataType } = proto.onnx.TensorProto;
/** Version of the file's form, and of the operators: the oldest that have what the graph needs, so that any runtime reads it. */
const IR_VERSION = 7;
const OPSET_VERSION = 13;

/**
 * Writes a linear model as an ONNX graph over sparse rows, batched. In: `ids` and `values` of [batch, length], a row filled up
 * by features of the value 0. Out: `probability` of [batch], and `contributions` of [batch, length], what each feature adds
 * to the log-odds. It looks the weights up, so that its cost is that of the features a text has, not of all there are.
 */
export function toOnnx(name: string, { weights, bias }: LinearModel): Uint8Array {
  const rows = ['batch', 'length'];
  const graph = GraphProto.create({
    name,
    input: [describe('ids', DataType.INT32, rows), describe('values', DataType.FLOAT, rows)],
    output: [
      describe('probability', DataType.FLOAT, ['batch']),
      describe('contributions', DataType.FLOAT, rows),
    ],
    initializer: [floats('weights', weights), floats('bias', [bias]), integers('features_axis', [1])],
    node: [
      node('Gather', ['weights', 'ids'], 'feature_weights'),
      node('Mul', ['feature_weights', 'values'], 'contributions'),
      node('ReduceSum', ['contributions', 'features_axis'], 'weight_sum', [integer('keepdims', 0)]),
      node('Add', ['weight_sum', 'bias'], 'log_odds'),
      node('Sigmoid', ['log_odds'], 'probability'),
    ],
  });
  const model = ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'example-app',
    opsetImport: [{ domain: '', version: OPSET_VERSION }],
    graph,
  });
  return ModelProto.encode(model).finish();
}

function node(
  opType: string,
  input: string[],
  output: string,
  attribute: onnx.IAttributeProto[] = [],
): onnx.INodeProto {
  return { opType, name: output, input, output: [output], attribute };
}

function integer(name: string, value: number): onnx.IAttributeProto {
  return { name, type: AttributeProto.AttributeType.INT, i: value };
}

function describe(name: string, elemType: number, dimensions: string[]): onnx.IValueInfoProto {
  return {
    name,
    type: { tensorType: { elemType, shape: { dim: dimensions.map((dimParam) => ({ dimParam })) } } },
  };
}

function floats(name: string, values: ArrayLike<number>): onnx.ITensorProto {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  for (let index = 0; index < values.length; index++) bytes.setFloat32(index * 4, values[index] ?? 0, true);
  return {
    name,
    dataType: DataType.FLOAT,
    dims: [values.length],
    rawData: new Uint8Array(bytes.buffer),
  };
}

function integers(name: string, values: number[]): onnx.ITensorProto {
  return { name, dataType: DataType.INT64, dims: [values.length], int64Data: values };
}
