using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>
/// The matrices of real numbers, full or sparse, in a MATLAB 5 file ("MAT-File Format", The MathWorks, chapter 1): little-endian, compressed
/// or not. Each is dense and row-major here.
/// </summary>
internal static class MatFile
{
    private const int HeaderBytes = 128;
    private const int MatrixType = 14;
    private const int CompressedType = 15;
    private const int SparseClass = 5;

    public static Dictionary<string, (int Rows, int Columns, double[] Elements)> Read(string path)
    {
        var matrices = new Dictionary<string, (int, int, double[])>();
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path).AsSpan(HeaderBytes);
        while (!rest.IsEmpty)
        {
            (int type, byte[] data) = Element(ref rest);
            if (type == CompressedType)
            {
                ReadOnlySpan<byte> inflated = Inflate(data);
                (type, data) = Element(ref inflated);
            }
            if (type == MatrixType)
                AddMatrix(data, matrices);
        }
        return matrices;
    }

    private static void AddMatrix(ReadOnlySpan<byte> rest, Dictionary<string, (int, int, double[])> matrices)
    {
        bool isSparse = Element(ref rest).Data[0] == SparseClass;
        double[] extents = Numbers(ref rest);
        string name = Encoding.ASCII.GetString(Element(ref rest).Data);
        (int rows, int columns) = ((int)extents[0], (int)extents[1]);
        double[] dense = new double[rows * columns];
        double[] rowOf = isSparse ? Numbers(ref rest) : [];
        double[] starts = isSparse ? Numbers(ref rest) : [];
        double[] values = Numbers(ref rest);
        for (int column = 0; column < columns; column++)
        {
            int start = isSparse ? (int)starts[column] : column * rows;
            int end = isSparse ? (int)starts[column + 1] : start + rows;
            for (int k = start; k < end; k++)
                dense[((isSparse ? (int)rowOf[k] : k - start) * columns) + column] = values[k];
        }
        matrices[name] = (rows, columns, dense);
    }

    /// <summary>Takes the next data element, in its long or its short form, with what pads it.</summary>
    private static (int Type, byte[] Data) Element(ref ReadOnlySpan<byte> rest)
    {
        int type = BinaryPrimitives.ReadInt32LittleEndian(rest);
        bool isShort = type >> 16 != 0;
        int length = isShort ? type >> 16 : BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        byte[] data = rest.Slice(isShort ? 4 : 8, length).ToArray();
        type &= 0xFFFF;
        int padded = type == CompressedType ? length : (length + 7) & -8;
        rest = rest[Math.Min(isShort ? 8 : 8 + padded, rest.Length)..];
        return (type, data);
    }

    private static double[] Numbers(ref ReadOnlySpan<byte> rest)
    {
        (int type, byte[] data) = Element(ref rest);
        return type switch
        {
            1 => [.. data.Select(x => (double)(sbyte)x)],
            2 => [.. data.Select(x => (double)x)],
            3 => [.. data.Chunk(2).Select(x => (double)BitConverter.ToInt16(x))],
            4 => [.. data.Chunk(2).Select(x => (double)BitConverter.ToUInt16(x))],
            5 => [.. data.Chunk(4).Select(x => (double)BitConverter.ToInt32(x))],
            6 => [.. data.Chunk(4).Select(x => (double)BitConverter.ToUInt32(x))],
            7 => [.. data.Chunk(4).Select(x => (double)BitConverter.ToSingle(x))],
            9 => [.. data.Chunk(8).Select(x => BitConverter.ToDouble(x))],
            _ => throw new InvalidDataException($"Numbers of type {type}."),
        };
    }

    private static byte[] Inflate(byte[] data)
    {
        using var from = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        using var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }
}
