import PatchbayCore
import Testing

@Suite struct `Severities` {
    @Test func `of verdicts go from free to critical`() {
        let order: [HostVerdict] = [.free, .dataAtRisk, .unknown, .inUse, .critical]
        #expect(HostVerdict.allCases.shuffled().sorted() == order)
        for (index, verdict) in order.enumerated() {
            for (other, second) in order.enumerated() { #expect((verdict < second) == (index < other)) }
        }
    }

    @Test func `of uses are those of the verdicts that they make`() {
        let sorted = HostUse.Severity.allCases.shuffled().sorted()
        #expect(sorted.map { HostVerdict($0) } == HostVerdict.allCases.filter { $0 != .free })
        #expect(HostVerdict(nil) == HostVerdict.allCases.min())
    }

    @Test func `of findings and of the doctor's checks go from good to bad`() {
        #expect(Finding.Severity.allCases.shuffled().sorted() == [.note, .warning, .problem])
        #expect(DoctorCheck.Verdict.allCases.shuffled().sorted() == [.pass, .note, .unknown, .warning, .failure])
    }
}
