namespace Implicit.Backends.Cpu;

/// <summary>One step of a block program: which node it computes from which.</summary>
internal readonly record struct Instruction(Node Node, DType OperandType, int Target);
