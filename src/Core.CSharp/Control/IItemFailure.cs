namespace Implicit.Control;

/// <summary>A numerical failure that, raised while a batch is computed, can tell which item it was.</summary>
internal interface IItemFailure
{
    /// <summary>The same failure with the item in its text.</summary>
    Exception Naming(int item, int size);
}
