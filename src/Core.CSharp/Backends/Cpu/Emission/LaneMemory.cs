using System.Reflection.Emit;

namespace Implicit.Backends.Cpu;

/// <summary>Writes the code that moves elements between memory and the values of several points.</summary>
internal sealed class LaneMemory(ILGenerator il, LaneTypes types)
{
    /// <summary>From an address on the stack, its one element for all points.</summary>
    public void LoadOne(DType dtype)
    {
        if (dtype == DType.Bool)
        {
            // 0 or 1 to no bits or all.
            il.Emit(OpCodes.Ldind_U1);
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Neg);
            return;
        }
        il.Emit(OpCodes.Ldobj, LaneTypes.Element(dtype));
        Call(dtype, nameof(Lanes512<>.Broadcast));
    }

    /// <summary>From an address on the stack, elements one after the other: as many as there are points, or a smaller count.</summary>
    public void Load(DType dtype, LocalBuilder? count)
    {
        if (dtype == DType.Bool)
        {
            PushCount(count);
            il.Emit(OpCodes.Call, LaneMethods.Member(typeof(Masks), nameof(Masks.Load)));
        }
        else if (count == null)
            Call(dtype, nameof(Lanes512<>.Load));
        else
        {
            PushCount(count);
            Call(dtype, nameof(Lanes512<>.LoadPart));
        }
    }

    /// <summary>Stores the value that lies on the stack below an address: for all points, or for the first of them.</summary>
    public void Store(DType dtype, LocalBuilder? count)
    {
        if (dtype == DType.Bool)
        {
            PushCount(count);
            il.Emit(OpCodes.Call, LaneMethods.Member(typeof(Masks), nameof(Masks.Store)));
        }
        else if (count == null)
            Call(dtype, nameof(Lanes512<>.Store));
        else
        {
            PushCount(count);
            Call(dtype, nameof(Lanes512<>.StorePart));
        }
    }

    private void PushCount(LocalBuilder? count)
    {
        if (count == null)
            il.Emit(OpCodes.Ldc_I4, types.Points);
        else
        {
            il.Emit(OpCodes.Ldloc, count);
            il.Emit(OpCodes.Conv_I4);
        }
    }

    private void Call(DType dtype, string member) => il.Emit(OpCodes.Call, LaneMethods.Member(types.Of(dtype), member));
}
