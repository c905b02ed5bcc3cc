namespace Implicit;

/// <summary>What is known of a linear operator, and decides how it is solved.</summary>
[Flags]
public enum OperatorProperties
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A = Aᵀ.</summary>
    Symmetric = 1,

    /// <summary>A = Aᵀ and xᵀ·A·x &gt; 0 for all x other than zero.</summary>
    PositiveDefinite = 2 | Symmetric,

    /// <summary>Aᵢⱼ = 0 for j &gt; i.</summary>
    LowerTriangular = 4,

    /// <summary>Aᵢⱼ = 0 for j &lt; i.</summary>
    UpperTriangular = 8,

    /// <summary>Aᵢⱼ = 0 for j ≠ i.</summary>
    Diagonal = LowerTriangular | UpperTriangular | Symmetric,
}
