namespace Implicit;

/// <summary>Names the core assembly where only its <see cref="System.Reflection.Assembly"/> is wanted.</summary>
internal static class AssemblyMarker;
