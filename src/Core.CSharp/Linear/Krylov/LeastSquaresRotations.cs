namespace Implicit.Linear;

/// <summary>
/// The two sequences of plane rotations of LSMR and what they tell of the residual: Fong and Saunders (2011), sections 2.3 to 2.7 and 3 (with
/// λ = 0). Names follow the paper: c, s, ρ of the first rotation, c̄, s̄, ρ̄ of the second, ζ the coordinates of the solution.
/// </summary>
internal struct LeastSquaresRotations
{
    private double alphaBar;
    private double rho = 1.0;
    private double rhoBar = 1.0;
    private double cBar = 1.0;
    private double sBar;
    private double zeta;
    private double zetaBar;

    // The residual, section 3.2: β̈ and τ̃.
    private double betaDoubleDot;
    private double betaDot;
    private double rhoDot = 1.0;
    private double tauTilde;
    private double thetaTilde;
    private double residual;
    private double norm;

    public LeastSquaresRotations(double alpha, double beta)
    {
        alphaBar = alpha;
        zetaBar = alpha * beta;
        betaDoubleDot = beta;
        residual = beta;
        norm = alpha;
    }

    /// <summary>How much of the carried direction h̄ stays.</summary>
    public double CarriedFactor { get; private set; }

    /// <summary>How far the solution goes along h̄.</summary>
    public double Length { get; private set; }

    /// <summary>How much of the direction h stays.</summary>
    public double DirectionFactor { get; private set; }

    /// <summary>An estimate of ‖A‖ (Frobenius).</summary>
    public double MatrixNorm { get; private set; }

    /// <summary>Whether neither ‖Aᵀr‖ ≤ relative·‖A‖·‖r‖ nor ‖r‖ ≤ absolute is known.</summary>
    public bool IsAbove(double relative, double absolute) =>
        Math.Abs(zetaBar) > relative * MatrixNorm * residual && residual > absolute;

    /// <summary>Takes up the next column of the bidiagonal matrix.</summary>
    public void Turn(double alpha, double beta)
    {
        double rhoBefore = rho;
        (double c, double s, rho) = Rotation(alphaBar, beta);
        double theta = s * alpha;
        alphaBar = c * alpha;

        (double rhoBarBefore, double zetaBefore, double thetaBar) = (rhoBar, zeta, sBar * rho);
        double shrunk = cBar * rho;
        (cBar, sBar, rhoBar) = Rotation(shrunk, theta);
        zeta = cBar * zetaBar;
        zetaBar = -sBar * zetaBar;
        CarriedFactor = thetaBar / rhoBefore * (rho / rhoBarBefore);
        Length = Quotient(Quotient(zeta, rho), rhoBar);
        DirectionFactor = Quotient(theta, rho);

        double betaHat = c * betaDoubleDot;
        betaDoubleDot = -s * betaDoubleDot;
        double thetaTildeBefore = thetaTilde;
        (double cTilde, double sTilde, double rhoTilde) = Rotation(rhoDot, thetaBar);
        thetaTilde = sTilde * rhoBar;
        rhoDot = cTilde * rhoBar;
        betaDot = (cTilde * betaHat) - (sTilde * betaDot);
        tauTilde = Quotient(zetaBefore - (thetaTildeBefore * tauTilde), rhoTilde);
        double tau = Quotient(zeta - (thetaTilde * tauTilde), rhoDot);
        residual = Math.Sqrt(((betaDot - tau) * (betaDot - tau)) + (betaDoubleDot * betaDoubleDot));
        MatrixNorm = double.Hypot(norm, beta);
        norm = double.Hypot(MatrixNorm, alpha);
    }

    private static (double C, double S, double R) Rotation(double a, double b)
    {
        double r = double.Hypot(a, b);
        return r == 0.0 ? (1.0, 0.0, 0.0) : (a / r, b / r, r);
    }

    /// <summary>a/b, where nothing of nothing is nothing: the bidiagonalisation has ended.</summary>
    private static double Quotient(double a, double b) => b == 0.0 ? 0.0 : a / b;
}
