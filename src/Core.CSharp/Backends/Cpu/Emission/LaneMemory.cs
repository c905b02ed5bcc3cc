using System.Reflection;
using System.Reflection.Emit;

namespace Implicit.Backends.Cpu;

/// <summary>Writes the code that moves elements between memory and the values of several points.</summary>
internal sealed class LaneMemory(ILGenerator il, LaneTypes types)
{
    /// <summary>How many elements a value has.</summary>
    public int Points => types.Points;

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

    /// <summary>From an address on the stack, elements one after the other.</summary>
    public void Load(DType dtype)
    {
        if (dtype == DType.Bool)
        {
            il.Emit(OpCodes.Ldc_I4, Points);
            LoadPart(dtype);
        }
        else
            Call(dtype, nameof(Lanes512<>.Load));
    }

    /// <summary>From an address and a count on the stack, so many elements, and zeros.</summary>
    public void LoadPart(DType dtype)
    {
        if (dtype == DType.Bool)
            il.Emit(OpCodes.Call, LaneMethods.Member(typeof(Masks), nameof(Masks.Load)));
        else
            Call(dtype, nameof(Lanes512<>.LoadPart));
    }

    /// <summary>Of the value on the stack the elements of so many numbers.</summary>
    public void Pick(DType dtype, int[] places)
    {
        foreach (int place in places)
            if (dtype == DType.Float64)
                il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(place));
            else if (dtype == DType.Float32)
                il.Emit(OpCodes.Ldc_R4, BitConverter.Int32BitsToSingle(place));
            else
                il.Emit(OpCodes.Ldc_I8, (long)place);
        MethodInfo create = LaneMethods.Creation(LaneTypes.Element(dtype), places.Length);
        il.Emit(OpCodes.Call, create);
        il.Emit(OpCodes.Newobj, types.Of(dtype).GetConstructor([create.ReturnType])!);
        Call(dtype, nameof(Lanes512<>.Pick));
    }

    /// <summary>Stores the value that lies on the stack below an address.</summary>
    public void Store(DType dtype)
    {
        if (dtype == DType.Bool)
        {
            il.Emit(OpCodes.Ldc_I4, Points);
            StorePart(dtype);
        }
        else
            Call(dtype, nameof(Lanes512<>.Store));
    }

    /// <summary>Stores so many elements of the value that lies on the stack below an address and a count.</summary>
    public void StorePart(DType dtype)
    {
        if (dtype == DType.Bool)
            il.Emit(OpCodes.Call, LaneMethods.Member(typeof(Masks), nameof(Masks.Store)));
        else
            Call(dtype, nameof(Lanes512<>.StorePart));
    }

    /// <summary>Of the value on the stack, the first element.</summary>
    public void TakeFirst(DType dtype)
    {
        if (dtype == DType.Bool)
        {
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.And);
            il.Emit(OpCodes.Conv_U1);
        }
        else
            Call(dtype, nameof(Lanes512<>.First));
    }

    private void Call(DType dtype, string member) => il.Emit(OpCodes.Call, LaneMethods.Member(types.Of(dtype), member));
}
