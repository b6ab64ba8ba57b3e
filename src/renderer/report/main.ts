import { createApp } from 'vue'
import '../theme.css'
import { readReportData } from './readReportData.js'
import ReportPage from './ReportPage.vue'

createApp(ReportPage, { report: readReportData() }).mount('#report')
