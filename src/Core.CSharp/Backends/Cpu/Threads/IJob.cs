namespace Implicit.Backends.Cpu;

/// <summary>Work cut into parts that may run at the same time: none writes what another reads or writes.</summary>
internal interface IJob
{
    /// <summary>Does one of <paramref name="parts"/> parts.</summary>
    void Run(int part, int parts);
}
