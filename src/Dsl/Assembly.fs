namespace Implicit

/// Names the front's assembly where only its System.Reflection.Assembly is wanted.
type internal AssemblyMarker = class end
