import { graphql } from "@/gql";
import type { PitchQuery, RunPageQuery, RehearsalTeamsQuery } from "@/gql/graphql";

/* What these screens ask of the graph, one question a screen. */

export const RehearsalTeams = graphql(`
  query RehearsalTeams($cohort: ID!) {
    cohort(id: $cohort) {
      id
      teams(first: 100) {
        nodes {
          id
          number
          name
          sectors { public private }
          challenge { title }
          pitch { id deck { slides } sections { id targetSeconds } slotSeconds rehearsals(first: 1) { totalCount nodes { id number startedAt state milliseconds } } forecast { overrun runs } }
        }
      }
    }
  }
`);

export const PitchParts = graphql(`
  fragment PitchParts on Pitch {
    id
    version
    updatedAt
    updatedBy
    slotSeconds
    questionSeconds
    sections { id order title targetSeconds script firstSlide lastSlide wordBudget presenter { id person { name } sectorAtEnrolment } }
    claims { id text section { id order } evidence { text source } insights { id text } }
    deck { id name slides notes problem bytes }
    criteria
    pronunciations { word sounds }
  }
`);

export const Pitch = graphql(`
  query Pitch($team: ID!) {
    node(id: $team) {
      __typename
      ... on Team {
        id
        number
        name
        cohort { id }
        challenge { id title insights(first: 100) { nodes { id text author { name } visit { on } } } }
        members { id person { name } sectorAtEnrolment }
        pitch {
          ...PitchParts
          rehearsals(first: 50) { totalCount nodes { id number state startedAt milliseconds recording { id } analysis { id state } sections { section { id } milliseconds targetMilliseconds } } }
          forecast { runs overrun p10Seconds middleSeconds p90Seconds }
          questionCoverage
          questions { id text because practised claim { id text } }
        }
      }
    }
  }
`);

export const SavePitch = graphql(`
  mutation SavePitch($input: SavePitchInput!) {
    savePitch(input: $input) {
      pitch { ...PitchParts }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

export const AttachDeck = graphql(`
  mutation AttachDeck($input: AttachDeckInput!) {
    attachDeck(input: $input) {
      pitch { id version deck { id name slides notes problem bytes } }
      userErrors { field message code fix }
    }
  }
`);

export const DeckPiece = graphql(`
  query DeckPiece($pitch: ID!, $offset: Int!) {
    pitch(id: $pitch) { id deck { id bytes data(offset: $offset) } }
  }
`);

export const DeckNotes = graphql(`
  query DeckNotes($pitch: ID!) {
    pitch(id: $pitch) { id deck { id name pdfpc } }
  }
`);

export const KeepQuestion = graphql(`
  mutation KeepQuestion($input: KeepQuestionInput!) {
    keepQuestion(input: $input) {
      pitch { id }
      userErrors { field message code fix }
    }
  }
`);

export const PractiseQuestion = graphql(`
  mutation PractiseQuestion($input: PractiseQuestionInput!) {
    practiseQuestion(input: $input) {
      pitch { id }
      userErrors { field message code fix }
    }
  }
`);

/** What the stage needs, read once before a run. */
export const Stage = graphql(`
  query Stage($team: ID!) {
    node(id: $team) {
      __typename
      ... on Team {
        id
        number
        name
        pitch {
          id
          slotSeconds
          sections { id title targetSeconds script firstSlide lastSlide presenter { id person { name } sectorAtEnrolment } }
          deck { id slides notes problem bytes }
          rehearsals(first: 5) { nodes { id number state startedAt handovers { from { id } to { id } gapMilliseconds } } }
        }
      }
    }
  }
`);

export const StartRehearsal = graphql(`
  mutation StartRehearsal($input: StartRehearsalInput!) {
    startRehearsal(input: $input) {
      rehearsal { id number state }
      userErrors { field message code fix }
    }
  }
`);

export const AppendRunEvents = graphql(`
  mutation AppendRunEvents($input: AppendRunEventsInput!) {
    appendRunEvents(input: $input) {
      lastSequence
      rehearsal { id state milliseconds }
      userErrors { field message code fix }
    }
  }
`);

export const RunEvents = graphql(`
  query RunEvents($run: ID!, $after: Int!) {
    rehearsal(id: $run) {
      id
      state
      startedAt
      lastSequence
      plan { id title targetSeconds script firstSlide lastSlide presenter { id person { name } sectorAtEnrolment } }
      events(afterSequence: $after) { sequence kind atMilliseconds section { id } slide }
      pitch { id slotSeconds deck { id slides } team { id } }
    }
  }
`);

export const SetRecordingConsent = graphql(`
  mutation SetRecordingConsent($input: SetRecordingConsentInput!) {
    setRecordingConsent(input: $input) {
      rehearsal { id }
      userErrors { field message code fix }
    }
  }
`);

export const AttachRecording = graphql(`
  mutation AttachRecording($input: AttachRecordingInput!) {
    attachRecording(input: $input) {
      rehearsal { id recording { id } }
      userErrors { field message code fix }
    }
  }
`);

export const RunPage = graphql(`
  query RunPage($run: ID!) {
    rehearsal(id: $run) {
      id
      version
      number
      state
      startedAt
      milliseconds
      fixNext { text explain { text section { id title } savesMilliseconds overrunAfter evidence { fromMilliseconds toMilliseconds } } }
      sections { section { id title presenter { id person { name } sectorAtEnrolment } } fromMilliseconds milliseconds targetMilliseconds }
      events { kind atMilliseconds sequence }
      handovers { from { id person { name } } to { id person { name } } atMilliseconds gapMilliseconds }
      consents { enrolment { id person { name } sectorAtEnrolment } givenAt withdrawnAt sendAgreedAt writtenBy }
      recording { id milliseconds offsetMilliseconds bytes mediaType waveform(points: 1200) }
      analysis {
        id
        state
        progress
        failure
        level
        warnings
        unknownWords
        metrics {
          name
          speaker { id person { name } sectorAtEnrolment }
          section { id title }
          value {
            __typename
            ... on Measured { value method n confidence errorPercent usual { low high runs } }
            ... on NoVerdict { gate found needed text }
          }
          evidence { fromMilliseconds toMilliseconds }
        }
        pauses { kind span { fromMilliseconds toMilliseconds } }
        pace { atMilliseconds wordsPerMinute }
        alignment { refused { text } sentences { text startMilliseconds section { id title } } }
      }
      feedback { id author { id person { name } sectorAtEnrolment } section { id title } criterion level text at }
      pitch {
        id
        slotSeconds
        team { id number name members { id person { name } sectorAtEnrolment } }
        criteria
        analysers { level problem sendsTo }
        sections { id title }
        rehearsals(first: 50) { nodes { id number state milliseconds startedAt sections { section { id } milliseconds } handovers { from { id } to { id } gapMilliseconds } } }
        forecast {
          runs
          equallyLikelySeconds
          p10Seconds
          middleSeconds
          p90Seconds
          overrun
          cutsSuffice
          cuts { section { id title } text words savesSeconds overrunAfter }
          explain { text liveDriftPercent seed }
        }
      }
    }
  }
`);

export const RunForecast = graphql(`
  query RunForecast($pitch: ID!, $drift: Float!) {
    pitch(id: $pitch) {
      id
      forecast(liveDriftPercent: $drift) {
        runs
        equallyLikelySeconds
        p10Seconds
        middleSeconds
        p90Seconds
        overrun
        cutsSuffice
        cuts { section { id title } text words savesSeconds overrunAfter }
        explain { text liveDriftPercent seed }
      }
    }
  }
`);

export const RunDiff = graphql(`
  query RunDiff($after: ID!, $before: ID!) {
    rehearsal(id: $after) {
      id
      number
      milliseconds
      handovers { from { id person { name } } to { id person { name } } gapMilliseconds }
      diffTo(rehearsalId: $before) {
        before { id number milliseconds handovers { from { id } to { id } gapMilliseconds } }
        after { id number milliseconds }
        sections { section { id title presenter { person { name } } } beforeMilliseconds afterMilliseconds dropped added }
      }
    }
  }
`);

export const RecordingPiece = graphql(`
  query RecordingPiece($run: ID!, $offset: Int!) {
    rehearsal(id: $run) { id recording { id bytes mediaType data(offset: $offset) } }
  }
`);

export const AnalyseRehearsal = graphql(`
  mutation AnalyseRehearsal($input: AnalyseRehearsalInput!) {
    analyseRehearsal(input: $input) {
      analysis { id state }
      userErrors { field message code fix }
    }
  }
`);

export const AnalysisProgress = graphql(`
  subscription AnalysisProgress($job: ID!) {
    jobProgressed(id: $job) { __typename id state progress failure }
  }
`);

export const StopAnalysis = graphql(`
  mutation StopAnalysis($input: CancelJobInput!) {
    cancelJob(input: $input) {
      job { id state }
      userErrors { field message code fix }
    }
  }
`);

export const GiveFeedback = graphql(`
  mutation GiveFeedback($input: GiveFeedbackInput!) {
    giveFeedback(input: $input) {
      feedback { id }
      userErrors { field message code fix }
    }
  }
`);

export type TeamPitch = Extract<NonNullable<PitchQuery["node"]>, { __typename: "Team" }>;
export type PitchView = NonNullable<TeamPitch["pitch"]>;
export type RunView = NonNullable<RunPageQuery["rehearsal"]>;
export type TeamRow = NonNullable<NonNullable<RehearsalTeamsQuery["cohort"]>["teams"]>["nodes"][number];
