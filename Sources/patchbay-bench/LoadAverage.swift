import Glibc

enum LoadAverage {
    /// Processes that wanted to run in the last minute; nil: the system does not say.
    static var lastMinute: Double? {
        var averages = [0.0]
        return getloadavg(&averages, 1) == 1 ? Samples.rounded(averages[0]) : nil
    }
}
